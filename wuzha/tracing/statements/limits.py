"""Named limits of the statement importer: every loop over outside bytes ends at one of these.

A statement is text from strangers. Each limit is far above what a bank's export holds and far below what would
harm a laptop; a file that meets one is refused, and the refusal names the limit.
"""

FILES_MAX = 2_000
FILE_BYTES_MAX = 512 * 2**20
XLS_BYTES_MAX = 64 * 2**20
MEMBERS_MAX = 2_000
ARCHIVE_DEPTH_MAX = 3  # a zip of a zip of zips: province, city, bank
UNCOMPRESSED_BYTES_MAX = 2 * 2**30
COMPRESSION_RATIO_MAX = 400  # text of a statement compresses some 30-fold; far beyond that it is a bomb
RATIO_CHECK_BYTES_MIN = 10 * 2**20
SHEETS_MAX = 256
ROWS_MAX = 2_000_000
COLUMNS_MAX = 200
COVERED_CELLS_MAX = 5_000_000  # of web pages: cells that a cell above them covers
CELL_LENGTH_MAX = 4_000
RECORD_LINES_MAX = 40  # physical lines inside one quoted record
HEADER_SEARCH_ROWS_MAX = 120
SECTION_SEARCH_CELLS_MIN = 3
SAMPLE_ROWS_MAX = 120
REMEMBERED_CELLS_MAX = 32_768  # readings of equal cells kept, since statements repeat themselves
NOTES_MAX = 200
SKIPPED_KEPT_MAX = 2_000
TEMPLATE_BYTES_MAX = 256 * 2**10
UNREADABLE_SHARE_MAX = 0.001
PROGRESS_ROWS = 2_000
PEER_CANDIDATES_MAX = 64
MATCH_WINDOW_ROWS_MAX = 200
CONFLICTS_MAX = 5_000
AMOUNT_DECIMALS_MAX = 18
YEARS_MIN, YEARS_MAX = 1980, 2100
