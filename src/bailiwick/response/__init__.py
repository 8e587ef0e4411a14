"""Will help come more slowly to my street?"""

from __future__ import annotations
