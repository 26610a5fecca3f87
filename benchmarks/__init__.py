"""Speed, measured side by side with pgbench on the same server in the same run.

`python -m benchmarks` starts a PostgreSQL of its own with fsync on, fills it, serves the house
by Granian on loopback, and takes turns with the wheel's own pgbench. It answers in CPU per
operation (application and database) and in ratios: those survive a busy machine, seconds do not.
`docs/speed.md` says what each figure is.
"""
