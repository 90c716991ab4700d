"""The escalation policy: its language, the timelines it judges, the judgement and the reasons in words.

`language` says what a policy is, `loading` and `drafting` read and write one, `describe` and `changes` say it in words,
`examples` tries it. `timeline` reads facts, `evaluate` judges, `explain` says why. The rest are their parts.
"""
