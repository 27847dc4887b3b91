"""The sounds the embedded default knows: where they are in the table, how they are asked for,
and which AudioSet names a judge may give them.

The table's labels come from file names, so each sound is chosen by a pattern over
``class: label``. The judge's names are the sound itself, its parts and its near synonyms;
catch-alls such as *Animal* or *Vehicle* never count. ``unseen`` captions are kept out of the
training.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Sound:
    """One sound: its name, its pattern in the table, its captions, its names at the judge."""

    name: str
    pattern: str
    judge: tuple[str, ...]
    captions: tuple[str, ...]
    unseen: tuple[str, ...]

    def matches(self, kind: str, label: str) -> bool:
        """Whether a row of the table with this class and label is this sound."""
        return re.search(self.pattern, f"{kind}: {label}") is not None


def of(kind: str, label: str) -> Sound | None:
    """The sound of a row of the table, or None when the embedded default does not learn it."""
    return next((sound for sound in SOUNDS if sound.matches(kind, label)), None)


SOUNDS = (
    Sound(
        "rain",
        r"^rain:",
        ("Rain", "Raindrop", "Rain on surface"),
        (
            "rain",
            "rain falls",
            "heavy rain falling",
            "steady rain on the ground",
            "it is raining hard",
            "rain pours down outside",
        ),
        ("rainfall patters on a street", "a downpour of rain"),
    ),
    Sound(
        "wind",
        r"^wind:",
        ("Wind", "Wind noise (microphone)", "Rustling leaves"),
        (
            "wind",
            "the wind blows",
            "strong wind howling",
            "a gust of wind",
            "wind blowing across a field",
        ),
        ("a stormy wind is blowing", "howling winds"),
    ),
    Sound(
        "fire",
        r"^fire: (?!.*(attack|pistol|rifle|extinguish|gun|cannon))",
        ("Fire", "Crackle", "Sizzle"),
        (
            "fire",
            "a fire crackles",
            "a campfire burning",
            "crackling flames",
            "wood burns in a fireplace",
        ),
        ("logs crackling in the fire", "flames burn and pop"),
    ),
    Sound(
        "thunder",
        r"^thunder:",
        ("Thunder", "Thunderstorm"),
        (
            "thunder",
            "thunder rumbles",
            "a clap of thunder",
            "a thunderstorm in the distance",
            "loud thunder roars",
        ),
        ("thunder cracks and rolls", "rumbling of thunder"),
    ),
    Sound(
        "crickets",
        r"^crickets/insects:",
        ("Cricket", "Insect"),
        (
            "crickets",
            "crickets chirping",
            "insects buzz at night",
            "cicadas sing in summer",
            "night insects chirp",
        ),
        ("chirping of crickets in the evening", "a field of insects at night"),
    ),
    Sound(
        "birdsong",
        r"^songbird:",
        ("Bird", "Bird vocalization, bird call, bird song", "Chirp, tweet", "Squawk"),
        (
            "birds singing",
            "a bird sings",
            "birds chirp in the trees",
            "a songbird tweets",
            "birds in the forest",
        ),
        ("small birds tweeting in the morning", "a bird is chirping"),
    ),
    Sound(
        "sea waves",
        r"^sea waves:",
        ("Ocean", "Waves, surf"),
        ("sea waves", "waves crash on the shore", "the ocean surf", "waves on a beach"),
        ("the sea rolls onto the sand", "ocean waves breaking"),
    ),
    Sound(
        "baby cry",
        r"^cry baby:",
        ("Baby cry, infant cry", "Crying, sobbing"),
        ("a baby cries", "a crying baby", "an infant is crying", "a newborn wails"),
        ("an infant cries loudly", "the baby is crying and sobbing"),
    ),
    Sound(
        "engine",
        r"^car/engine: (?!.*(horn|hit vehicle|trunk|gear shift|steam|handbrake))",
        (
            "Engine",
            "Idling",
            "Engine starting",
            "Car",
            "Motor vehicle (road)",
            "Truck",
            "Car passing by",
            "Motorcycle",
            "Medium engine (mid frequency)",
            "Heavy engine (low frequency)",
            "Accelerating, revving, vroom",
            "Engine knocking",
        ),
        (
            "an engine",
            "a car engine idles",
            "a motor running",
            "a car drives past",
            "a truck engine starts",
        ),
        ("the engine of a vehicle is running", "a car revs its motor"),
    ),
    Sound(
        "door",
        r"^door: (?!.*(smash|bell))",
        (
            "Door",
            "Knock",
            "Slam",
            "Creak",
            "Sliding door",
            "Cupboard open or close",
            "Tap",
            "Thunk",
        ),
        (
            "a door",
            "a door closes",
            "knocking on a wooden door",
            "a door creaks open",
            "someone knocks at the door",
        ),
        ("a person is knocking on a door", "the door shuts"),
    ),
    Sound(
        "footsteps",
        r"^footsteps:",
        ("Walk, footsteps", "Run", "Crunch", "Shuffle"),
        (
            "footsteps",
            "someone walks",
            "footsteps on gravel",
            "a person walking on a hard floor",
            "steps in the grass",
        ),
        ("a man walks along a path", "walking steps"),
    ),
    Sound(
        "wood chopping",
        r"^wood chop/saw: .*((?<!pick)axe|chopping)",
        ("Chop", "Wood", "Crack", "Splinter", "Knock", "Hammer", "Whack, thwack"),
        ("wood chopping", "an axe chops wood", "chopping a tree", "an axe hits a log"),
        ("a man chops wood with an axe",),
    ),
    Sound(
        "sawing",
        r"^wood chop/saw: .*(hand ?saw|hacksaw|sawing)",
        ("Sawing", "Filing (rasp)", "Rub", "Sanding", "Scrape", "Scratch"),
        ("sawing wood", "a hand saw cuts wood", "someone saws a plank"),
        ("a saw goes back and forth through timber",),
    ),
    Sound(
        "pickaxe",
        r"^wood chop/saw: .*(pickaxe)",
        ("Clang", "Chink, clink", "Glass", "Tools", "Ding", "Hammer", "Breaking", "Shatter"),
        ("a pickaxe", "a pickaxe hits stone", "mining with a pickaxe", "a pick strikes rock"),
        ("a miner strikes the rock with a pickaxe",),
    ),
    Sound(
        "hammering",
        r"^hammer/metal: (?!.*arrow)",
        ("Hammer", "Clang", "Knock", "Tools", "Chink, clink", "Tap", "Whack, thwack", "Bang"),
        (
            "hammering",
            "a hammer strikes metal",
            "metal is hit",
            "a hammer on wood",
            "clanging metal",
        ),
        ("somebody hammers a nail", "metal clangs"),
    ),
    Sound(
        "hen",
        r"^chicken/rooster: .*(chicken|hen)",
        ("Chicken, rooster", "Cluck", "Fowl", "Squawk"),
        ("a hen clucks", "chickens clucking", "a chicken", "hens on a farm"),
        ("a chicken clucks in the yard",),
    ),
    Sound(
        "rooster",
        r"^chicken/rooster: .*rooster",
        ("Crowing, cock-a-doodle-doo", "Chicken, rooster", "Fowl"),
        ("a rooster crows", "a rooster", "a cock crows at dawn"),
        ("crowing of a rooster in the morning",),
    ),
    Sound(
        "applause",
        r"^applause/crowd:",
        ("Applause", "Clapping", "Cheering", "Crowd"),
        ("applause", "people clap", "an audience applauds", "a crowd clapping and cheering"),
        ("the audience is clapping their hands",),
    ),
    Sound(
        "roar",
        r"^lion/tiger/bear: (?!.*sea lion)",
        ("Roaring cats (lions, tigers)", "Roar", "Growling"),
        ("a lion roars", "a tiger growls", "a bear growling", "a big cat roaring"),
        ("the roar of a lion", "a wild beast growls"),
    ),
    Sound(
        "splash",
        r"^pouring/splash:",
        (
            "Splash, splatter",
            "Water",
            "Liquid",
            "Pour",
            "Slosh",
            "Drip",
            "Fill (with liquid)",
            "Gush",
            "Trickle, dribble",
            "Water tap, faucet",
        ),
        (
            "water splashes",
            "pouring water",
            "something splashes in water",
            "water is poured into a glass",
            "walking through water",
        ),
        ("liquid being poured", "a splash of water"),
    ),
    Sound(
        "bell",
        r"^bell:",
        (
            "Bell",
            "Church bell",
            "Chime",
            "Jingle bell",
            "Ding",
            "Wind chime",
            "Change ringing (campanology)",
            "Tubular bells",
        ),
        ("a bell", "a bell rings", "church bells ringing", "a chime"),
        ("the church bell tolls",),
    ),
    Sound(
        "explosion",
        r"^explosion/fireworks:",
        (
            "Explosion",
            "Boom",
            "Fireworks",
            "Gunshot, gunfire",
            "Artillery fire",
            "Eruption",
            "Firecracker",
            "Burst, pop",
            "Bang",
        ),
        (
            "an explosion",
            "a loud explosion",
            "fireworks explode",
            "a bomb goes off",
            "a cannon fires",
        ),
        ("a big blast", "fireworks burst in the sky"),
    ),
    Sound(
        "snoring",
        r"^snore/breath:",
        ("Snoring", "Breathing", "Snort", "Wheeze", "Gasp"),
        ("snoring", "a man snores", "someone breathes heavily", "heavy breathing"),
        ("a sleeping person is snoring",),
    ),
    Sound(
        "train",
        r"^train:|^car/engine: .*steam",
        (
            "Train",
            "Rail transport",
            "Train whistle",
            "Train horn",
            "Steam whistle",
            "Railroad car, train wagon",
            "Clickety-clack",
            "Train wheels squealing",
        ),
        (
            "a train",
            "a train passes",
            "a train horn blows",
            "a steam train on the rails",
            "a train whistle",
        ),
        ("a locomotive rolls along the track", "a train is passing by"),
    ),
    Sound(
        "laughter",
        r"^laugh:",
        ("Laughter", "Giggle", "Belly laugh", "Chuckle, chortle", "Snicker", "Baby laughter"),
        ("laughter", "a person laughs", "people laughing", "a woman giggles"),
        ("somebody bursts out laughing",),
    ),
    Sound(
        "cow",
        r"^cow:",
        ("Cattle, bovinae", "Moo"),
        ("a cow", "a cow moos", "cattle mooing", "cows in the field"),
        ("mooing of a cow",),
    ),
    Sound(
        "glass breaking",
        r"^glass break:",
        ("Glass", "Shatter", "Breaking", "Chink, clink", "Smash, crash"),
        ("glass breaking", "glass shatters", "a window breaks", "a glass smashes on the floor"),
        ("a bottle is smashed to pieces",),
    ),
    Sound(
        "horse",
        r"^horse neigh:",
        ("Horse", "Neigh, whinny"),
        ("a horse neighs", "a horse whinnies", "a horse"),
        ("the neighing of a horse",),
    ),
    Sound(
        "typing",
        r"^keyboard/typing:",
        ("Typing", "Computer keyboard", "Typewriter"),
        ("typing", "typing on a keyboard", "a person types on a computer"),
        ("keys of a keyboard are pressed fast",),
    ),
    Sound(
        "dog",
        r"^dog:",
        ("Dog", "Bark", "Bow-wow", "Yip"),
        ("a dog barks", "a dog", "barking dogs"),
        ("the barking of a dog",),
    ),
)

WEAK = (
    "rain",
    "wind",
    "thunder",
    "crickets",
    "sea waves",
    "baby cry",
    "footsteps",
    "splash",
    "bell",
    "explosion",
    "snoring",
    "laughter",
    "cow",
    "horse",
)
"""Taught, but recognised in fewer than one clip of three by the first version: not claimed."""
