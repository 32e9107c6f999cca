"""Where the ear's scores become a decision: the one place. How its two views become one score: ``classifier``.

They were chosen by what `sunline hearing train` prints: each hand, each group of red flags and each everyday topic is
left out of the training in turn and heard with what is left. Sentences that are held out only refused some of them:
docs/decisions/the-ear.md says how, and which.
"""

from __future__ import annotations

ASK = 0.30
"""From this likelihood of an emergency in the whole answer on, the caller is asked whether it is one."""
ASK_IN_A_STRETCH = 0.60
"""The same for a stretch of a long answer: a piece of anything sounds a little like an emergency."""
GRAVE = 0.60
"""From this likelihood of an emergency in the whole answer on, it is taken for one where care has begun already."""
GRAVE_IN_A_STRETCH = 0.70
SURELY_ILL = 0.50
"""From this likelihood of illness or worse in the whole answer on, the caller is asked too where an emergency is
POSSIBLE: of a danger that it never learned, the ear hears that it is illness and not how bad it is."""
SURELY_ILL_IN_A_STRETCH = 0.90
POSSIBLE = 0.05
NURSE = 0.15
"""From this likelihood of illness or worse in the whole answer on, nobody but a nurse takes the call."""
NURSE_IN_A_STRETCH = 0.30
SURE = 0.70
"""From this likelihood of the best service on, if it is a wish, it is taken for what was wanted, and said back."""
UNSURE = 0.35
"""Below this likelihood of the best service the caller hears the menu; from it on, the best two are offered."""
