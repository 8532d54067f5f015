"""An invented delegation, its communes, and the words its schools are named with."""

from typing import NamedTuple, TypedDict

Pair = tuple[str, str]


class Delegation(TypedDict):
    code: str
    name_fr: str
    name_ar: str
    longitude: float
    latitude: float


class Place(NamedTuple):
    """Somewhere in the delegation, in degrees east and north of its centre."""

    fr: str
    ar: str
    east: float
    north: float


class Kind(NamedTuple):
    """How one kind of school is named: the words before the name, and the names."""

    fr: str
    ar: str
    names: tuple[Pair, ...]


DELEGATION: Delegation = {
    "code": "990",
    "name_fr": "Oued Ennour",
    "name_ar": "وادي النور",
    "longitude": -5.72,
    "latitude": 32.47,
}

TOWNS = (
    Place("Oued Ennour", "وادي النور", 0.0, 0.0),
    Place("Had Zitoune", "حد الزيتون", -0.19, 0.12),
)

COUNTRYSIDE = (
    Place("Aïn Louz", "عين اللوز", -0.11, -0.08),
    Place("Sidi Amrane", "سيدي عمران", 0.13, 0.15),
    Place("Oulad Rabiaa", "أولاد ربيعة", -0.07, 0.21),
    Place("Aït Izourane", "أيت إزوران", 0.22, -0.04),
    Place("Tizi Ouzemmour", "تيزي أوزمور", 0.08, -0.2),
)

SCHOLARS_AND_HOPES = (
    ("Abou Al Kacem Chabbi", "أبو القاسم الشابي"),
    ("Abou Tammam", "أبو تمام"),
    ("Ahmed Chawqi", "أحمد شوقي"),
    ("Al Amal", "الأمل"),
    ("Al Andalous", "الأندلس"),
    ("Al Atlas", "الأطلس"),
    ("Al Biruni", "البيروني"),
    ("Al Bouhtouri", "البحتري"),
    ("Al Fadila", "الفضيلة"),
    ("Al Farabi", "الفارابي"),
    ("Al Fath", "الفتح"),
    ("Al Hikma", "الحكمة"),
    ("Al Houria", "الحرية"),
    ("Al Idrissi", "الإدريسي"),
    ("Al Inbiat", "الانبعاث"),
    ("Al Irfane", "العرفان"),
    ("Al Istiqlal", "الاستقلال"),
    ("Al Jahid", "الجاحظ"),
    ("Al Karama", "الكرامة"),
    ("Al Khansaa", "الخنساء"),
    ("Al Khawarizmi", "الخوارزمي"),
    ("Al Kindi", "الكندي"),
    ("Al Maarifa", "المعرفة"),
    ("Al Maarri", "المعري"),
    ("Al Majd", "المجد"),
    ("Al Manar", "المنار"),
    ("Al Mansour Addahbi", "المنصور الذهبي"),
    ("Al Massira", "المسيرة"),
    ("Al Mostaqbal", "المستقبل"),
    ("Al Moutanabbi", "المتنبي"),
    ("Al Qarawiyine", "القرويين"),
    ("Al Wafaa", "الوفاء"),
    ("Al Wahda", "الوحدة"),
    ("Al Wifaq", "الوفاق"),
    ("Al Yasmine", "الياسمين"),
    ("Annahda", "النهضة"),
    ("Annajah", "النجاح"),
    ("Annakhil", "النخيل"),
    ("Annour", "النور"),
    ("Arrazi", "الرازي"),
    ("Arrissala", "الرسالة"),
    ("Assalam", "السلام"),
    ("Attadamoun", "التضامن"),
    ("Fatima Al Fihria", "فاطمة الفهرية"),
    ("Gibran Khalil Gibran", "جبران خليل جبران"),
    ("Hafid Ibrahim", "حافظ إبراهيم"),
    ("Ibn Al Haytham", "ابن الهيثم"),
    ("Ibn Al Khatib", "ابن الخطيب"),
    ("Ibn Baja", "ابن باجة"),
    ("Ibn Battouta", "ابن بطوطة"),
    ("Ibn Hazm", "ابن حزم"),
    ("Ibn Khaldoun", "ابن خلدون"),
    ("Ibn Rochd", "ابن رشد"),
    ("Ibn Sina", "ابن سينا"),
    ("Ibn Tofaïl", "ابن طفيل"),
    ("Ibn Zaydoun", "ابن زيدون"),
    ("Ibn Zohr", "ابن زهر"),
    ("Mokhtar Soussi", "المختار السوسي"),
    ("Sayyida Al Horra", "السيدة الحرة"),
    ("Taha Hussein", "طه حسين"),
    ("Tariq Ibn Ziyad", "طارق بن زياد"),
    ("Youssef Ibn Tachfine", "يوسف بن تاشفين"),
    ("Zineb Nefzaouia", "زينب النفزاوية"),
)

TREES_AND_VALLEYS = (
    ("Aïn Beida", "عين البيضاء"),
    ("Aïn Jdida", "عين الجديدة"),
    ("Aïn Rahma", "عين الرحمة"),
    ("Aïn Tolba", "عين الطلبة"),
    ("Aïn Zerka", "عين الزرقاء"),
    ("Aït Abdellah", "أيت عبد الله"),
    ("Aït Daoud", "أيت داود"),
    ("Aït Hammou", "أيت حمو"),
    ("Aït Moussa", "أيت موسى"),
    ("Aït Salah", "أيت صالح"),
    ("Aït Yahia", "أيت يحيى"),
    ("Al Arar", "العرعر"),
    ("Al Arz", "الأرز"),
    ("Al Baraka", "البركة"),
    ("Al Karma", "الكرمة"),
    ("Al Kharroub", "الخروب"),
    ("Al Khozama", "الخزامى"),
    ("Al Louz", "اللوز"),
    ("Al Ouroud", "الورود"),
    ("Arroumane", "الرمان"),
    ("Azzaatar", "الزعتر"),
    ("Azzaytoun", "الزيتون"),
    ("Beni Hilal", "بني هلال"),
    ("Beni Khaled", "بني خالد"),
    ("Beni Mansour", "بني منصور"),
    ("Oued Defla", "وادي الدفلى"),
    ("Oued Ennahl", "وادي النحل"),
    ("Oued Errommane", "وادي الرمان"),
    ("Oulad Amer", "أولاد عامر"),
    ("Oulad Driss", "أولاد إدريس"),
    ("Oulad Hammou", "أولاد حمو"),
    ("Oulad Moussa", "أولاد موسى"),
    ("Sidi Aïssa", "سيدي عيسى"),
    ("Sidi Boubker", "سيدي بوبكر"),
    ("Sidi Bouziane", "سيدي بوزيان"),
    ("Sidi Lamine", "سيدي لامين"),
    ("Sidi Messaoud", "سيدي مسعود"),
    ("Tala Ouzrou", "تالا أوزرو"),
    ("Tizi Melloul", "تيزي ملول"),
)

HAMLETS = (
    ("Adrar", "أدرار"),
    ("Afra", "أفرا"),
    ("Aghbalou", "أغبالو"),
    ("Agouni", "أكوني"),
    ("Aguelmam", "أكلمام"),
    ("Ahl Souk", "أهل السوق"),
    ("Aïn Hamra", "عين الحمراء"),
    ("Aïn Sfa", "عين الصفا"),
    ("Almis", "ألميس"),
    ("Almou", "ألمو"),
    ("Amalou", "أمالو"),
    ("Assaka", "أساكا"),
    ("Assammer", "أسامر"),
    ("Assif", "أسيف"),
    ("Azaghar", "أزغار"),
    ("Bir Jdid", "بئر جديد"),
    ("Bir Louz", "بئر اللوز"),
    ("Bir Tahar", "بئر الطاهر"),
    ("Dar El Bir", "دار البئر"),
    ("Dar Jdida", "دار جديدة"),
    ("Dchar Jdid", "دشر جديد"),
    ("Draa Louz", "ذراع اللوز"),
    ("El Betma", "البطمة"),
    ("El Borj", "البرج"),
    ("El Faïd", "الفيض"),
    ("El Ghaba", "الغابة"),
    ("El Hamra", "الحمراء"),
    ("El Harcha", "الحرشة"),
    ("El Jnane", "الجنان"),
    ("El Kantara", "القنطرة"),
    ("El Karia", "القرية"),
    ("El Kelaa", "القلعة"),
    ("El Kherba", "الخربة"),
    ("El Koudia", "الكدية"),
    ("El Marja", "المرجة"),
    ("El Mechraa", "المشرع"),
    ("El Mers", "المرس"),
    ("El Onsar", "العنصر"),
    ("El Oulja", "الولجة"),
    ("Essafsaf", "الصفصاف"),
    ("Essahel", "الساحل"),
    ("Essaquia", "الساقية"),
    ("Essedra", "السدرة"),
    ("Ettalha", "الطلحة"),
    ("Ezzaouia", "الزاوية"),
    ("Igherm", "إغرم"),
    ("Ighil", "إغيل"),
    ("Imi n'Tala", "إيمي نتالا"),
    ("Imi n'Tizi", "إيمي نتيزي"),
    ("Isli", "إسلي"),
    ("Jnane Louz", "جنان اللوز"),
    ("Koudiat Rih", "كدية الريح"),
    ("Ksar Jdid", "قصر جديد"),
    ("Lalla Aïcha", "للا عائشة"),
    ("Ras El Aïn", "رأس العين"),
    ("Ras El Oued", "رأس الوادي"),
    ("Rmila", "الرميلة"),
    ("Taddart", "تادارت"),
    ("Tafoukt", "تافوكت"),
    ("Tagadirt", "تاكاديرت"),
    ("Tagant", "تاكانت"),
    ("Taghia", "تاغيا"),
    ("Taghzout", "تاغزوت"),
    ("Talat", "تالات"),
    ("Talborjt", "تالبرجت"),
    ("Tamazirt", "تمازيرت"),
    ("Tamda", "تامدا"),
    ("Tanout", "تانوت"),
    ("Taourirt", "تاوريرت"),
    ("Targa", "تاركة"),
    ("Tazart", "تازارت"),
    ("Tazemmourt", "تازمورت"),
    ("Tazroute", "تازروت"),
    ("Tighremt", "تيغرمت"),
    ("Tiguemmi", "تيكمي"),
    ("Tilmi", "تيلمي"),
    ("Tislit", "تيسليت"),
    ("Tizgui", "تيزكي"),
    ("Zriba", "الزريبة"),
)

SCHOOL = Kind("École", "مدرسة", SCHOLARS_AND_HOPES)
GROUP = Kind("Groupe scolaire", "مجموعة مدارس", TREES_AND_VALLEYS)
SATELLITE = Kind("Unité", "فرعية", HAMLETS)
SECONDARY = {
    "lower_secondary": Kind("Collège", "الثانوية الإعدادية", SCHOLARS_AND_HOPES),
    "upper_secondary": Kind("Lycée", "الثانوية التأهيلية", SCHOLARS_AND_HOPES),
}
