"""Kinds of work that only tests know; imports nothing, so that settings may name them."""

KINDS = {
    name: f"tests.jobs.works.{name}"
    for name in ("greet", "refuse", "break_down", "write_names", "write_in_one_transaction")
}
