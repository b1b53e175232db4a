"""The English words by which a name's surroundings are read. Small tables, all lower case."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Before or after a name they say what somebody is, and make no longer name of it.
ROLES = _words("""
    president presidents prime minister ministers premier chancellor king queen prince princess
    secretary secretaries foreign defence defense interior vice deputy former acting ambassador
    ambassadors envoy senator senators sen congressman congresswoman representative rep governor
    gov mayor general generals gen admiral colonel captain major chief chairman chairwoman chair
    leader leaders lady speaker attorney spokesman spokeswoman spokesperson press director
    professor prof dr doctor mr mrs ms miss sir lord judge justice pope sheikh emir sultan
    candidate nominee pm vp fm mp mps ceo gdp counterpart officials official
    democrat democrats democratic republican republicans muslim muslims christian christians
    jew jews jewish i
    monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december
""")

# Behind a name or before “of” they make a longer name, even where every word has a capital.
INSTITUTIONS = _words("""
    post times today journal news daily herald tribune review gazette star mirror chronicle
    university college school academy institute institution center centre foundation bank
    airlines airways church museum tower towers organization organisation hotel street square
    avenue bridge club party group company corporation inc ltd library theatre opera ballet
    orchestra prize cup open league exchange fund studies embassy republic kingdom gulf sea
    house council committee commission senate court jr sr
""")

# A person's name before one of these is the name of a body.
GOVERNMENTS = _words("administration government cabinet regime")

# What a government body may call itself; another name is a building's.
BODIES = _words("""
    administration government cabinet congress parliament senate house council ministry
    department army navy force forces committee commission agency office assembly court bank
    service police regime board bureau presidency
""")

# Words that begin a sentence with a capital and are not part of the name that follows.
OPENERS = _words("""
    a an the this that these those in on at by for from to with without under over against
    between among about into toward towards since until after before during while when whenever
    where as because although though if unless whether but and or nor so yet then thus hence both
    either neither not no nobody all many most some few several every each any another other
    only even also again once now here there today yesterday tomorrow still meanwhile however
    moreover instead perhaps maybe indeed why how what who whom which whose does did do is was
    are were will would could can should may might must has have had let like unlike despite
    given amid whereas yes key him her his their our my your its than through via per
""")

# Capitals that are also words: in a line all in capitals nobody can tell.
ALSO_WORDS = _words("us who it or in is am as no so me we he do go be by my if of on to up at an")

# A place rather than those who govern there.
PLACE_BEFORE = _words("""
    in at near outside inside around across through via central downtown greater north south
    east west northern southern eastern western visited visit visiting left leaving reached
    reaching entered entering bombed bombing shelled shelling attacked attacking besieged
""")
PLACE_AFTER = _words("""
    airport streets street suburb suburbs hotel theatre metro subway district region time
    residents restaurant apartment museum
""")
PLACES_OF = _words("city streets suburbs outskirts mayor centre center airport residents people")
MOTION = _words("""
    visit visits visited trip trips travel travels travelled traveled travelling traveling flew
    fly flies flying flown flight flights return returns returned returning went go goes going
    gone came come comes coming arrived arrive journey moved move moving drive drove sent back
    road way invited summoned
""")

# Those who govern rather than the place.
ACTS = _words("""
    will would can cannot could may might must shall should has had have is was does did do
    says said say saying tells told believes believed believe wants wanted want hopes hoped hope
    likes thinks thought sees saw expects expected knows knew fears feared denies denied denounced
    accuses accused warned warns insists insisted argues argued claims claimed announced announces
    agreed agrees refuses refused rejects rejected decides decided demands demanded offers offered
    began begins started starts stopped stops takes took makes made gives gave gets got keeps kept
    plans planned tries tried learns learned seeks sought supports supported opposes opposed needs
    needed responded responds replied replies reacted reacts expressed expresses imposed imposes
    threatens threatened signalled signaled considers considered regards regarded views viewed
    invaded withdrew signed urged calls called condemned condemns stands stood remains remained
    never also now still
""")
MEANT_BEFORE = _words("""
    between with against toward towards by on upon about than like unlike from for vis-a-vis
    versus under
""")
