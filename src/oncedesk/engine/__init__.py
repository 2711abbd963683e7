"""The only shell around the deciders: batches, one transaction each, reactions, clocks, dispatch.

It decides nothing about service itself and contains no SQL; storage is handed in (`ports.Store`).
"""
