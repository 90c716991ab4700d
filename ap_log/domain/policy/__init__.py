"""The escalation policy: its language, the timelines it judges, the judgement and the reasons in words.

`language` loads policies, `timeline` reads facts, `evaluate` judges, `explain` says why. The rest are their parts.
"""
