"""What a word can stand for, in every language. A language file says under [words] which of its words stand for what.

The names are the whole vocabulary that the rules of reading speak; a word for an unknown one is refused.
"""

from __future__ import annotations

MODE_WORDS = {
    "m_car": "car",
    "m_truck": "truck",
    "m_bus": "bus",
    "m_motorcycle": "motorcycle",
    "m_bicycle": "bicycle",
    "m_foot": "foot",
    "m_train": "train",
    "m_air": "air",
}

# Words of doing and being: inside a longer form that stands for something they do not speak for themselves.
SWALLOWED = frozenset(
    "queue stand waited crossed wait_noun let refuse may may_not open closed paused moving free no nobody nope "
    "available missing elsewhere plan maybe future ask cond r_exit_military r_documents r_child r_pets r_customs "
    "r_vehicle r_entry_stay r_entry_refusal s_fuel s_water s_food s_toilet s_sim s_atm s_charge s_warmth s_medical "
    "s_lodging ev_draft_point ev_shift ev_weather ev_aid ev_accident ev_it_down ev_strike ev_fight ev_robbery "
    "ev_armour ev_bribe".split()
)

PERMITTING = frozenset(("let", "refuse"))

CONCEPTS: dict[str, str] = {
    # the queue and getting across
    "queue": "a queue, jam, column or its tail",
    "ahead": "in front of the writer",
    "remain": "still to go",
    "stand": "standing or waiting now",
    "sum": "in all, together: the figure that counts",
    "joined": "took a place in the queue: the time it began",
    "waited": "stood or waited, now over",
    "crossed": "got across, it took",
    "wait_noun": "waiting time, to wait, it takes",
    "border": "border, post, barrier, checkpoint, passport control",
    "elsewhere": "driving, sleeping, working: a time that is no wait at the border",
    "late": "late, delayed: of a boat or a train it is a timetable's matter, no wait",
    "moved": "walked or moved so far: kilometres that are no queue",
    "hold_list": "a list people write themselves into",
    # permission
    "let": "lets through, lets in, lets out",
    "process": "checks and stamps: a rate, no permission",
    "refuse": "turns back, refuses",
    "may": "may, is allowed, is possible",
    "may_not": "must not, is forbidden",
    "only": "only, exclusively",
    # states
    "open": "open, works",
    "normal": "works as usual",
    "closed": "closed, shut",
    "paused": "stopped for now, nobody is processed",
    "moving": "moves, is moving",
    "free": "empty, free, no queue",
    "fixture": "a sign, lift, camera, website, shop: it may be shut or out of order while the crossing is not",
    "busy": "a lot, crowded: no claim by itself",
    "both_ways": "in both directions",
    "no": "not, no, never",
    "sizeable": "long, extended: between no and a queue they leave it no queue (no extended wait)",
    "nobody": "nobody, none",
    "yes": "yes as an answer",
    "nope": "no as an answer",
    # who says it
    "hearsay": "they say, it is written",
    "authority": "an authority or its spokesman",
    "office": "customs, a border directorate, a spokeswoman: with a word of saying, in news, an authority",
    "media": "a newspaper, agency, satellite, fact-checker",
    "relative": "a friend or relative it happened to",
    # how surely
    "future": "will, tomorrow, soon",
    "maybe": "perhaps, probably",
    "cond": "if, were it",
    "wish": "I wish, would that",
    "fear": "I fear, panic",
    "joke": "marks a joke",
    "past_season": "years ago, once",
    "denial": "is false, is a fake, untrue",
    "before_then": "before that, until then: what was so is so no more",
    "correction": "correction: what was said before was wrong",
    "plan": "we plan, leaving tomorrow",
    # questions
    "ask": "who knows, please tell, is it true",
    "whether": "marks a yes-no question without a question mark",
    "q_long": "how long",
    "q_faster": "which is quicker, easier: the wait is asked about",
    "q_hours": "how many hours: the unit of a bare answer",
    "q_days": "how many days",
    "q_many": "how many, how big a queue",
    "q_price": "how much money",
    "q_where": "where, up to where",
    "q_how": "how is it there, what is going on",
    "q_other": "another question word",
    "rhetorical": "marks a question nobody is meant to answer",
    # direction
    "leaving": "on leaving, outbound",
    "entering": "on entering, inbound",
    "back": "back, home",
    "to": "preposition before where one goes",
    "from": "preposition before where one comes from",
    "toward": "in the direction of",
    "toward_only": "in the direction of, and nothing else",
    "side": "side: before it a country says where, not whither",
    "side_of": "on or from the side of",
    # prices
    "buy": "bought, paid, gave",
    "sell": "sells, gives up",
    "charge_for": "they ask, take, charge (money)",
    "cost": "price, costs",
    "per_person": "per person, per head",
    "per_car": "per car",
    "svc_seat": "a seat, a lift",
    "svc_bicycle": "a bicycle or scooter as goods",
    "svc_transfer": "transfer, taxi, being driven across",
    "svc_queue_place": "a place in the queue, getting past it",
    "svc_insurance": "insurance, green card",
    "svc_ticket": "a ticket",
    "svc_lodging": "a room or bed",
    "svc_bribe": "money to an officer",
    "svc_other": "another paid service",
    "ad_contact": "write to me, call, details in private",
    "ad_offer": "selling, offering, every day, seats left",
    "ad_not": "what makes an offer no advertisement: donation, free of charge, lost and found",
    # events
    "ev_draft_point": "a draft office or call-up papers at the border",
    "ev_armour": "armoured vehicles",
    "ev_fight": "a fight",
    "ev_robbery": "a theft or robbery",
    "ev_accident": "a road accident",
    "ev_shift": "a change of shift",
    "ev_weather": "rain, snow, frost, avalanche",
    "ev_it_down": "computers down",
    "ev_strike": "a strike or blockade",
    "ev_bribe": "bribery",
    "ev_aid": "volunteers, free help",
    # services
    "s_fuel": "fuel",
    "s_water": "water",
    "s_food": "food",
    "s_toilet": "toilets",
    "s_sim": "SIM cards, mobile signal",
    "s_atm": "cash machines, exchange",
    "s_charge": "charging a phone",
    "s_warmth": "a heated place, blankets",
    "s_medical": "doctors, ambulance",
    "s_lodging": "a place to sleep",
    "available": "there is, they hand out",
    "missing": "there is none, has run out",
    # rules
    "r_exit_military": "who may leave: call-up, military card, men of an age",
    "r_documents": "passports and papers",
    "r_child": "children",
    "r_pets": "animals",
    "r_customs": "cash, goods, fuel in cans",
    "r_vehicle": "papers, plates and insurance of a vehicle",
    "r_entry_stay": "visas and length of stay",
    "r_entry_refusal": "nationals, tourists, people born somewhere who are not let in",
    "r_check": "they ask to see, check, look at",
    "r_enough": "is enough, is fine, is needed",
    # flows
    "entered": "entered, arrived, left: of many people",
    "flow_noun": "traffic, flow, number of arrivals",
    "up": "more, rose",
    "down": "fewer, fell",
    "abbreviations": "short words whose dot ends no sentence",
    "about": "about, roughly: before a change said in words",
    "total": "since, in all, altogether: a total, no daily flow",
    "per_day": "a day, daily, in the last 24 hours",
    # what is being spoken of
    "vehicle_noun": "vehicles without a number",
    "people_noun": "people without a number",
    "figure_elsewhere": "reservists, fences, rents: figures that are not about crossings",
    "vague_number": "tens, hundreds, thousands: no figure",
    "milestone": "at kilometre so-and-so: a place, no length",
    "first_person": "I, we, me",
    "no_data": "no information about it",
    **{name: f"means: {mode}" for name, mode in MODE_WORDS.items()},
}
