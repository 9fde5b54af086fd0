"""Words that turn what a sentence says, so that a letter less or more in them is no matter of spelling."""


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


TURNING = _listed(
    """
    all am any before after but but can cannot cant could couldnt did didnt do does doesnt doing dont double
    down each either every except false few fewer half hadnt hasnt havent if in isnt arent wasnt werent last least
    less many may maybe might more most must mustnt neednt neither never no nobody none nor not nothing off on once
    only or other out over shall shant should shouldnt some than then these those till times triple true twice
    under unless until up upon was when where while will with within without wont would wouldnt yes
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen
    first second third fourth fifth sixth seventh eighth ninth tenth half quarter
    monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday tonight midnight noon
    january february march april june july august september october november december
    nicht kein keine keinen keinem keiner keines nie niemals ohne nur alle jede jeder ein eine zwei drei vier fünf
    sechs sieben acht neun zehn elf zwölf montag dienstag mittwoch donnerstag freitag samstag sonntag vor nach
    januar februar märz mai juni juli oktober dezember heute morgen gestern
    ne pas jamais rien sans ni aucun aucune tout toute tous toutes un une deux trois quatre cinq sept huit neuf dix
    onze douze lundi mardi mercredi jeudi vendredi samedi dimanche avant après janvier février mars avril juin
    juillet août septembre octobre novembre décembre
    nunca jamás nada sin solo uno dos tres cuatro cinco seis siete ocho nueve diez lunes martes miércoles jueves
    viernes sábado domingo antes después junio julio
    non né mai niente nulla senza due tre quattro sei sette otto nove dieci não nem sem um dois três quatro sete
    oito niet geen nooit niets zonder een twee drie vijf zes zeven negen tien maandag dinsdag woensdag donderdag
    vrijdag zaterdag zondag inte ikke aldrig utan uden uten ingen ei ilman nie bez nigdy nic žádný nikdy
    не нет ни нельзя никогда ничего без кроме только один два три четыре пять шесть семь восемь девять десять
    понедельник вторник среда четверг пятница суббота воскресенье до после ні ніколи немає
    δεν μη μην όχι χωρίς ποτέ ένα δύο τρία τέσσερα πέντε լո չէ ոչ არ არა ვერ
    לא אין בלי אל ללא לפני אחרי لا لم لن ليس غير بدون ما قبل بعد
    """
)
"""Negations, quantities, numbers, days and months. Apostrophes are left out: ``dont``."""

ALIKE = _listed(
    """
    angel angle causal casual form from quiet quite trail trial
    accept access adapt adopt allow allot assume assure attach attack commit comment compress decay defect delay
    delete deplete deploy detach detect disabled enabled expire expires export expose exposes extend failed filled
    green greed import include incline insert invert larger longer live like load lock lower major manual minor
    annual passed parsed paused permit present prevent primary private product production protect protection project
    public purge merge reboot rebuild receive relay relieve reload remain remind remove removed removes rename
    renamed renames repeat replace replay replayed replica reply report reserve reserved reset resist resort rest
    restart restarted restarts restore restored restores retain retail retire retired retry return reverse reversed
    revert reverted revoke rewind rework scale secure secured server service signed slower staging start starts
    state stop stops store stores stored test tested unload unlock untie unite update upload
    """
)
"""Words that look alike, many of them of operations: one in the place of another is another word."""
