"""An answer as a page, a workbook and tables."""
