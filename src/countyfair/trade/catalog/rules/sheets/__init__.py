"""A merchant's product sheet, read as it comes: Excel or CSV, titles and merged heads, 斤 and 公斤."""

from countyfair.trade.catalog.rules.sheets.columns import Columns, find_columns
from countyfair.trade.catalog.rules.sheets.grid import Grid, read_grid
from countyfair.trade.catalog.rules.sheets.lines import Problem, Reading, SheetLine, read_lines

__all__ = ["Columns", "Grid", "Problem", "Reading", "SheetLine", "find_columns", "read_grid", "read_lines"]
