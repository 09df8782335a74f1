"""Closing a surge: what each person's road came to in days and money, how both sides found it, what is to be learnt.

Every figure is counted from entries of the log and the rule pack of the surge, so the same log gives the same
figures. Modules are imported by name: a workflow reaches `terms` through the rule pack and must load nothing else.
"""
