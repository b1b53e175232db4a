"""Phrases of the pages that articles stand on: regular expressions, a few a line, in lower case.

Nothing here names an outlet, a person or an article.
"""

import re


def one_of(*blocks: str) -> re.Pattern[str]:
    """A pattern that fits whatever fits one of the lines of the blocks."""
    lines = (line for block in blocks for line in block.splitlines() if line)
    return re.compile("|".join(f"(?:{line})" for line in lines))


SHARING = r"""
(?:share|e-?mail|print|save|bookmark|send|copy|tweet) (?:(?:this|the) )?(?:article|story)\b.{0,40}
(?:share|e-?mail|print|save|bookmark|send|copy|tweet) (?:(?:this|the) )?(?:page|post|link)\b.{0,40}
(?:share|e-?mail|print|save|tweet) this|share (?:on|via|with|by) .{2,40}
(?:reading time\W*)?\d+[ -]min(?:ute)?s?(?: read)?|reading time.{0,20}
\d+ (?:minute|hour|day|week|month|year)s? ago|font size.{0,20}
listen(?: to (?:(?:this|the) )?(?:article|story).{0,20}|.{0,3}\d+.{0,8})?|text size.{0,10}
"""

SELLING = r"""
ad|ads|advert|advertisements?|sponsored(?: content| by.{0,40})?|promoted
paid (?:content|partnership)|(?:story|article) continues below.{0,40}|continue reading.{0,40}
scroll (?:down )?to continue.{0,30}|newsletters?
subscribe(?: (?:now|today|here|to|for)\b.{0,80})?
sign ?up(?: (?:now|today|here|to|for)\b.{0,80})?|sign in|log ?in|log ?out
register(?: (?:now|here|for)\b.{0,40})?|my account|donate(?: (?:now|today|to)\b.{0,40})?
(?:this article is )?for subscribers(?: only)?|subscribers only
support (?:us|our (?:work|journalism))\b.{0,60}|become a (?:member|subscriber|patron).{0,40}
get (?:our|the|our free) (?:app|newsletter).{0,60}
(?:to )?download (?:the |our )?.{0,40}\bapps?\b.{0,40}
.{0,20}\bscan (?:the |this )?qr[ -]?code\b.{0,120}
available on (?:the )?(?:app store|google play).{0,40}|app store|google play|follow us
(?:follow|find|like) .{2,40} on (?:x|twitter|facebook|instagram|telegram|linkedin)\b.{0,20}
(?:follow|find|like) .{2,40} on (?:youtube|threads|bluesky|mastodon|whatsapp|google news)\b.{0,20}
join (?:us|our) .{0,40}(?:channel|group|facebook|telegram)
"""

COMMENTING = r"""
(?:list of |show |hide |view |all |load |see )?comments?(?: ?\(?\d*\)?)?|\d+ comments?
no comments?(?: yet)?|be the first to (?:comment|reply|like this)|comments are closed
(?:leave|post|write|add) (?:a |your )?(?:comment|reply).{0,20}
join the (?:conversation|discussion|debate)|report this comment|reply
"""

ELSEWHERE = r"""
from (?:the|our) .{0,40}\b(?:archives?|magazine)|our standards ?:.{0,80}|explore more .{2,40}
(?:read|see|view|show|load|learn|find out|discover) more(?: ?[:>»→|-].{0,120})?
(?:read|see|view|show|learn|find out|discover) more (?:about|on|from|at|here|in)\b.{0,60}
more(?: ?[>»→+…:].{0,100})?|read (?:next|on|(?:the )?(?:full|rest|original)\b.{0,40})
(?:also|next) read\b.{0,120}|read also\b.{0,120}|see also\b.{0,120}
(?:up )?next(?: (?:article|post|story|page|up)\b.{0,100})?
prev(?:ious)?(?: (?:article|post|story|page)\b.{0,100})?|related(?: ?:.{0,120})?
related (?:articles?|stories|story|news|posts?|content|coverage|topics|links|reading|items)
related (?:articles?|stories|story|posts?|reading) ?:.{1,120}
(?:hot |highly |editors? )?recommended(?: (?:for you|articles|stories|reading|by\b.{0,30}))?
most (?:read|popular|viewed|shared|commented|recent).{0,30}|(?:now )?trending(?: now)?
popular(?: (?:now|posts|stories|articles))?|you (?:may|might|could) (?:also|be).{0,30}
what to read next|don.?t miss|editor.?s.? (?:picks?|choice)|more (?:from|by) .{2,60}
more (?:on this|stories|news|articles|headlines|posts|top stories).{0,40}
(?:latest|recent) (?:news|posts|articles|stories|headlines|videos)|breaking(?: news)?
top (?:news|stories)|in this (?:article|story)|table of contents|contents|live updates?
(?:articles?|posts?|publications?|more) (?:by|from) .{2,60}|(?:stories|essays) by .{2,60}
(?:tags?|tagged|topics?|keywords?|categor(?:y|ies)|labels?)(?: ?:.{0,140})?
(?:filed under|posted in)(?: ?:.{0,140})?|tagged (?:in|with|as)\b.{0,120}
"""

NAVIGATION = r"""
home|main menu|menu|search|close|navigation|toggle navigation
back(?: to (?:the )?(?:top|home(?:page)?|list|news|article))?|top|skip to .{3,30}|site ?map
faq|help|contact(?: us)?|about(?: us)?|careers|advertise(?: with us)?
privacy(?: policy| notice| settings)?
terms(?: (?:of (?:use|service)|and conditions|& conditions))?
cookies?(?: policy| settings| preferences)?|(?:accept|reject|manage)(?: all)?(?: cookies)?
i agree|got it|loading|play(?: video)?|pause|mute|image|images? \d+ of \d+|featured image
hero image|photo|photos|video|gallery|slideshow|view gallery|enlarge(?: image)?
click (?:here|to)\b.{0,60}|about the authors?
copyright(?: ?(?:©|\(c\)|\d{4}|by\b|notice).{0,120})?|.{0,80}\ball rights reserved.{0,60}
ends?|powered by .{2,30}|published in partnership.{0,60}
"""

GERMAN = r"""
(?:artikel |beitrag |seite )?(?:drucken|merken|versenden|vorlesen)
(?:artikel |beitrag |seite )?teilen(?: (?:auf|per|via)\b.{0,40})?
(?:auf|bei|per) .{2,20} teilen|anzeige|werbung|weiterlesen
mehr (?:lesen|dazu|zum thema|erfahren|aus .{2,30}|anzeigen)(?: ?:.{0,100})?
lesen sie (?:auch|mehr|hier)\b.{0,120}|auch interessant
(?:jetzt )?(?:abonnieren|anmelden|registrieren|einloggen)
.{0,30}newsletter (?:abonnieren|bestellen).{0,20}|kommentare?(?: ?\(?\d*\)?)?|\d+ kommentare?
(?:noch )?keine kommentare|kommentar schreiben|(?:zur(?:ück zur)? )?startseite
alle rechte vorbehalten.{0,40}
das könnte (?:sie|dich) auch interessieren|(?:ähnliche|verwandte) (?:artikel|themen|beiträge)
schlag(?:wörter|worte)(?: ?:.{0,120})?|themen ?:.{0,120}|impressum|datenschutz(?:erklärung)?
lesezeit.{0,20}|meistgelesen
"""

FRENCH = r"""
à la une|(?:article )?réservé aux abonnés|ajouter à .{2,40}|s.inscrire
partager(?: (?:cet|l.|sur|cette|via|par)\b.{0,40})?|publicité
lire (?:aussi|la suite|plus|également)\b.{0,120}|à lire (?:aussi|également)\b.{0,120}
(?:s.)?abonne(?:r|z-vous)(?: .{0,60})?|inscrivez-vous.{0,80}|commentaires?(?: ?\(?\d*\)?)?
\d+ commentaires?|(?:aucun|pas de) commentaires?.{0,20}
(?:laisser|ajouter|écrire) un commentaire|articles? (?:liés|similaires|connexes|associés)
sur le même (?:sujet|thème)|accueil|imprimer|(?:tous )?droits réservés.{0,40}
suivez-nous.{0,40}|image à la une|temps de lecture.{0,20}|mots[- ]clés.{0,120}|se connecter
retour en haut|mentions légales|les plus lus|envoyer par (?:e-?mail|courriel)
écouter (?:cet|l.)article
"""

SPANISH_PORTUGUESE_ITALIAN = r"""
compart(?:ir|e|a)(?: (?:en|este|esta|el|por)\b.{0,40})?|publicidad
(?:leer|lee|ver|lea|saber) (?:más|también)\b.{0,120}|te puede interesar.{0,40}
(?:suscríbe(?:te|se)|suscribirse)\b.{0,80}|comentarios?(?: ?\(?\d*\)?)?|\d+ comentarios?
sin comentarios|(?:deja|escribe) (?:un|tu) comentario|inicio|imprimir
.{0,40}derechos reservados.{0,40}|(?:artículos|noticias|notas) relacionad[ao]s
etiquetas(?: ?:.{0,120})?|síguenos.{0,40}|lo más (?:leído|visto)|tiempo de lectura.{0,20}
iniciar sesión|(?:com)?partilhar.{0,30}|compartilhar.{0,30}|publicidade
leia (?:mais|também)\b.{0,120}|.{0,30}direitos reservados.{0,40}|condividi.{0,40}|pubblicità
leggi (?:anche|tutto|di più)\b.{0,120}|articoli correlati|commenti(?: ?\(?\d*\)?)?
.{0,30}diritti riservati.{0,40}
"""

RUSSIAN_TURKISH = r"""
поделиться.{0,40}|реклама|читать (?:далее|также|полностью).{0,100}|читайте также.{0,120}
(?:\d+ )?комментари[йяие]\w*(?: ?\(?\d*\)?)?|главная|.{0,30}права защищены.{0,40}
подписаться.{0,60}|подпишитесь.{0,80}|paylaş|reklam|yorumlar?|tüm hakları saklıdır.{0,40}
"""

ARABIC = r"""
شارك(?:نا)?(?: (?:المقال|الخبر|هذا|على|عبر|مع).{0,30})?|مشاركة(?: .{0,30})?|إعلان(?:ات)?
اقرأ (?:أيض[اًا]+|المزيد).{0,120}|التعليقات.{0,10}|تعليق(?:ات)?|\d+ تعليق\w*
(?:لا توجد|لا يوجد) تعليق\w*|أضف تعليق\w*|الرئيسية|(?:مقالات|أخبار|مواضيع) ذات صلة
(?:جميع|كل) الحقوق محفوظة.{0,60}|اشترك(?: (?:الآن|في (?:النشرة|القناة|نشرتنا)).{0,40})?|طباعة
الأكثر (?:قراءة|مشاهدة)|نسخ الرابط|تابعنا.{0,40}|(?:وسوم|الكلمات المفتاحية)(?: ?:.{0,100})?
"""

CHINESE_JAPANESE_KOREAN = r"""
分享(?:(?:到|至|本文|文章).{0,10})?|广告|廣告|(?:阅读|閱讀|查看)(?:更多|原文|全文).{0,40}
相关(?:阅读|文章|新闻|推荐)(?:\W.{0,40})?|(?:評論|评论)(?:区|\W*\d*)?|首页|首頁|版权所有.{0,40}|責任編輯.{0,30}
责任编辑.{0,30}|上一篇.{0,60}|下一篇.{0,60}|シェア(?:する)?|関連記事.{0,40}|ホーム|コメント\W*\d*|続きを読む|広告|공유(?:하기)?
댓글\W*\d*|관련 ?기사.{0,40}|광고
"""

# The whole line is the phrase.
FURNITURE = one_of(
    SHARING,
    SELLING,
    COMMENTING,
    ELSEWHERE,
    NAVIGATION,
    GERMAN,
    FRENCH,
    SPANISH_PORTUGUESE_ITALIAN,
    RUSSIAN_TURKISH,
    ARABIC,
    CHINESE_JAPANESE_KOREAN,
)

# Rows of buttons and counters are made of these, in any order; the latter go with a number.
BUTTON_WORDS = frozenset(
    {"share", "tweet", "retweet", "pin", "it", "post", "print", "email", "mail", "save", "like"}
    | {"whatsapp", "facebook", "twitter", "x", "linkedin", "telegram", "reddit", "instagram"}
    | {"youtube", "threads", "bluesky", "mastodon", "pinterest", "copy", "link", "e", "on", "by"}
)
COUNTED_WORDS = frozenset(
    {"view", "views", "share", "shares", "like", "likes", "read", "reads", "comment", "comments"}
    | {"retweets", "followers", "reactions", "votes", "k", "m"}
)

# Somewhere in a notice of a sentence or two.
NOTICE = one_of(r"""
(?:we|this (?:web)?site|our (?:web)?site) uses? (?:\w+ ){0,3}cookies
cookies to (?:improve|enhance|give you|personali[sz]e|ensure|provide)
by continuing to (?:use|browse)
(?:a|an earlier) version of this (?:article|essay|story) appear(?:s|ed) in print
(?:views|opinions) expressed (?:in this|here|by|are)|(?:reporting|editing) by [^.]{3,60}[;)]
(?:sign up|subscribe) (?:to|for) (?:our|the|my) (?:[\w-]+ ){0,5}(?:newsletter|e-?mail|digest)
(?:sign up|subscribe) (?:to|for) (?:our|the|my) (?:[\w-]+ ){0,5}(?:updates|briefing)
(?:to|in|into) your inbox|download our (?:[\w-]+ ){0,4}app\b|(?:enable|turn on) javascript
already a (?:subscriber|member)|your email address will not|required fields are
for your personal,? (?:and )?non-?commercial use|(?:an|there was an) error (?:has )?occurred
there was an error (?:processing|sending|submitting)|if you (?:enjoyed|liked) this (?:article|post)
(?:earns?|receives?|gets?) (?:an? )?(?:small |affiliate )?(?:commission|share of the sale)
(?:contains|uses?|earning) (?:auto )?affiliate links|create a free account
free articles? (?:left|remaining)
support (?:our )?independent journalism|click here to (?:subscribe|donate|read|join)
terms of (?:service|use) and privacy policy|protected by recaptcha
(?:diese|unsere) (?:web)?seite verwendet cookies|wir verwenden cookies
nous utilisons des cookies|ce site utilise des cookies|utili[sz]amos cookies
este sitio (?:web )?utiliza cookies|abonnieren sie unseren|abonnez-vous à (?:notre|la)
suscríbete a (?:nuestro|nuestra)|نستخدم ملفات تعريف الارتباط|мы используем (?:файлы )?cookie
""")

# The section that an article stands in; only above the text, for below it is a heading.
SECTION_LABEL = one_of(r"""
opinions?|guest (?:essay|column|opinion)|op-?ed|comment(?:ary)?|analys[ie]s|world|international
global|politics|business
economy|culture|sports?|science|technology|tech|health|society|national|local|regional|europe
asia|africa|americas?|middle east|news|feature|features|interviews?|exclusive|perspectives?
views?|viewpoint|editorial|letters?|essays?|reports?|briefing|explainer|reviews?|magazine
blogs?|premium|plus|video|audio|podcast|archive|issue \d+|meinung|politik|wirtschaft|kultur
ausland|inland|gesellschaft|kommentar|analyse|monde|politique|économie|tribune|débats?|opinión
mundo|política|economía|análisis|cultura|mondo|мнение|политика|мир|رأي|مقالات|سياسة|العالم
تحليل|观点|国际|政治|オピニオン|社説|(?:world|top|local|national|latest) news
(?:us|uk|eu) (?:news|politics)|letters to the editor
""")

# What follows is readers' comments.
COMMENT_SECTION = one_of(r"""
(?:list of |all )?comments(?: ?\(?\d*\)?)?|\d+ comments?|no comments(?: yet)?
(?:leave|post|write|add) a (?:comment|reply)|join the (?:conversation|discussion)
kommentare(?: ?\(?\d*\)?)?|\d+ kommentare?|commentaires(?: ?\(?\d*\)?)?|\d+ commentaires?
comentarios(?: ?\(?\d*\)?)?|\d+ comentarios?|комментарии|التعليقات.{0,10}|评论.{0,10}
コメント.{0,10}
""")

# What follows is headlines of other articles.
LIST_OPENER = one_of(r"""
related\b.*|(?:hot |highly )?recommended.*|most (?:read|popular|viewed|shared).*
(?:now )?trending.*|popular.*|you (?:may|might) .*|more (?:from|by|stories|news|articles).*
(?:latest|recent) .*|editor.?s.? .*|table of contents|contents|in this (?:article|story)|tags?
(?:ähnliche|verwandte) .*|das könnte .*|articles? .*|sur le même .*|les plus lus
(?:artículos|noticias) .*|te puede .*|lo más .*|(?:مقالات|أخبار|مواضيع) ذات صلة|الأكثر .*
""")

# What follows is a biography.
ABOUT_AUTHOR = one_of(r"""
about the (?:authors?|writers?|contributors?)|(?:zum|zur|über den|über die) autor(?:in)?
à propos de l.auteure?|sobre (?:el|la) autora?|عن الكاتبة?|об авторе|作者简介|关于作者
""")
