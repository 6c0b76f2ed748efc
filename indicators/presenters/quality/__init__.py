"""The quality of figures: completeness and timeliness, broken rules, outliers, consistency."""
