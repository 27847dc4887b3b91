"""Measures of how good sounds are: functions on arrays, each named after its convention.

docs/metrics.md says what each one is, and against which other code it was checked.
"""
