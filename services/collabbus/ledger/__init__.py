"""Ledger (台账): a region's log as tables, from which the gateway and the console read.

`queries.Ledger` is the way in for who reads; `projection` writes, and nothing else does.
"""
