"""One deployment's world as data: territory, kinds, numbers, texts, rules. `load` checks all of it and freezes it."""

from hotline.language.places import NOWHERE, Place, PlaceFinder
from hotline.profile.loader import folder_of, load
from hotline.profile.model import Area, Clocks, Kind, Profile, Quarantine, Retention, State
from hotline.profile.reader import ProfileError
from hotline.profile.triage import URGENCIES

__all__ = [
    "NOWHERE",
    "URGENCIES",
    "Area",
    "Clocks",
    "Kind",
    "Place",
    "PlaceFinder",
    "Profile",
    "ProfileError",
    "Quarantine",
    "Retention",
    "State",
    "folder_of",
    "load",
]
