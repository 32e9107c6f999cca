"""Work in the future, as rows with a due time. Nothing that must happen lives only in a process."""
