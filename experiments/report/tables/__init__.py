"""The tables of a run: orders, late orders, lines, KPIs and cost, for CSV files and a workbook."""
