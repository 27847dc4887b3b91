"""Evaluation: judges of sound, and what they say of generated clips."""
