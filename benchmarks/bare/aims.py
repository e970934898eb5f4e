"""What every measure is to reach, and how its line reads: ``NAME RATIO AIM ok|short``."""

AIMS = {
    "overview_now_kept": 0.6,
    "overview_now_ready": 5,
    "overview_now_changed": 7,
    "overview_2023_kept": 0.6,
    "overview_2023_ready": 5,
    "overview_2023_changed": 7,
    "not_modified": 0.25,
    "dashboard": 1.5,
    "dashboard_2023": 1.5,
    "autosave": 2.5,
    "send_20": 3,
    "form_30": 3,
    "workbook_200": 1.2,
    "workbook_200_memory": 1.3,
    "import_tidy": 3,
    "import_matrix": 3,
    "allocation_table": 2,
    "commitments_pdf": 3,
    "nation_import": 1.6,
    "nation_import_memory": 1.1,
    "nation_old_map_sql": 1.3,
}
"""The most that a measure may be: a ratio of processor time, of memory, or of time in SQL."""


def line(name: str, ratio: float) -> str:
    """One measure beside its aim; ``-`` where it is told for information only."""
    if name not in AIMS:
        return f"{name} {ratio:.2f} - info"
    return f"{name} {ratio:.2f} {AIMS[name]:g} {'ok' if ratio <= AIMS[name] else 'short'}"


def tell(measures: list[tuple[str, float]]) -> None:
    """Print a line for each measure."""
    for name, ratio in measures:
        print(line(name, ratio), flush=True)
