"""Where do the figures come from? One publisher or one file format a module."""

from __future__ import annotations
