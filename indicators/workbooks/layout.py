"""Where things stand on a sheet: ids in row 1 and column A, labels in B and C, cells to fill in from D5 (pure)."""

ID_ROW, HEAD_ROW, FIRST_ROW = 1, 4, 5
ID_COLUMN, LABELS, FIRST_INPUT = 1, (2, 3), 4
