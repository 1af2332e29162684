"""Light registers: rows that people keep by hand, with a version, an end instead of a deletion, and an event for every write."""
