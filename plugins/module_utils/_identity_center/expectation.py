# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long operations take, learned from when they were seen to have ended."""

from __future__ import annotations

# Seconds. AWS's operations take from half a second to some ten; the first guess is soon put right.
_FIRST_GUESS, _SHORTEST, _LONGEST = 0.5, 0.1, 5.0
# A question costs one request of about 18 a second, whatever it asks for, and a place that is found free late costs
# the work of that time: with all places taken, asking four times a second balances both. With fewer taken there are
# requests to spare, and each place counts for more.
_BETWEEN, _BETWEEN_OF_TYPICAL = 0.25, 0.5

_TOWARDS = 0.3  # how far a new observation moves the guess
_SOONER = 0.98  # nobody tells when one ended earlier than it was asked about, so try a little sooner each time


class Expectation:
    """The typical duration of an operation, in seconds."""

    def __init__(self) -> None:
        self.typical = _FIRST_GUESS

    def ended(self, at_most: float, at_least: float) -> None:
        """One has ended that took no more than `at_most`.

        at_least: how long it was seen in progress; below 0 if it never was.
        """
        if at_least > self.typical:
            self.typical += _TOWARDS * (at_least - self.typical)
        elif at_most < self.typical:
            self.typical += _TOWARDS * (at_most - self.typical)
        elif at_least <= 0:
            self.typical *= _SOONER

    def next_question(self, oldest: float, asked: float, taken: float = 1.0) -> float:
        """When to ask next: when the oldest began, and when it was last asked, in seconds of one clock.

        taken: the share of places that are. An operation that is overdue is asked for ever more rarely, because it may
        be stuck.
        """
        overdue = max(0.0, asked - oldest - self.typical)
        usual = max(_BETWEEN, self.typical * _BETWEEN_OF_TYPICAL) * taken
        between = min(max(usual, overdue * 0.5, _SHORTEST), _LONGEST)
        return max(oldest + self.typical, asked + between)
