"""Towns and countries where conferences meet: no part of the name of one."""

from __future__ import annotations

import re

TOWN = re.compile(
    r"\b(?:USA|U\.S\.|UK|UAE|China|South Korea|Korea|Canada|Japan|Germany|France|Italy|Spain|India"
    r"|Austria|Australia|Thailand|Mexico|Brazil|Singapore|Greece|Portugal|Morocco|Egypt|Vietnam"
    r"|Sweden|Denmark|Norway|Finland|Poland|Netherlands|Belgium|Switzerland|Ireland|Scotland"
    r"|Turkey|Israel|Taiwan|Hawaii|California|Louisiana|Tennessee|Washington|Colorado|Florida"
    r"|Texas|San Diego|San Francisco|Honolulu|Nashville|Vienna|Vancouver|Seoul|Denver|Seattle"
    r"|New Orleans|New York|Rio de Janeiro|Kigali|Hong Kong|Maca[uo]|Bangkok|Suzhou|Barcelona"
    r"|Milan|Rome|Paris|London|Berlin|Munich|Athens|Lisbon|Kyoto|Tokyo|Yokohama|Philadelphia"
    r"|Salt Lake City|Las Vegas|Los Angeles|Miami|Montreal|Toronto|Melbourne|Sydney|Taipei"
    r"|Tucson|Malmö|Albuquerque|Abu Dhabi|Dubai|Jeju|Daejeon|Hangzhou|Shenzhen|Beijing|Shanghai"
    r"|Guangzhou|Atlanta|Glasgow|Edinburgh|Dublin|Copenhagen|Stockholm|Amsterdam|Rotterdam"
    r"|Brussels|Zurich|Geneva|Strasbourg|Prague|Budapest|Warsaw|Istanbul|Boston|Chicago|Detroit)\b"
)
