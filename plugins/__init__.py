"""Scripts that run inside an editor; installed as data and read with importlib.resources."""
