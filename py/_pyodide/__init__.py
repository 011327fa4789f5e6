"""Internals of the runtime. Programs import `pyodide`; what is here may change between any two versions."""
