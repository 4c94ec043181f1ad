"""A plant as a workbook of its user: lines, machines, skills, hours and people."""
