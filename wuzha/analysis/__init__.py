"""Analysis 研判: what many cases tell together. The kinds of fraud of two periods side by side is its first page."""
