"""The model in other programs' formats, and inventories from other people's tables.

A model with its parameters becomes a `Database` (`as_brightway`), which `excel` and `openlca` write; `project` makes a Brightway
project of the workbooks and is the only module that imports bw2data and bw2io, in a child process. `model_import` reads tables and
workbooks.
"""
