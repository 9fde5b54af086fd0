"""Emoji shortcodes as characters.

Many of Slack's shortcodes are the character's Unicode name in lower case (`:rocket:`, `:large_yellow_circle:`) and
are looked up in the Unicode database. The table has the common ones with another name.
"""

import re
import unicodedata
from functools import lru_cache

from markupsafe import Markup

from bot.workspace.page.rendering.html import tag

SHORTCODE = re.compile(r":([a-z0-9_+'-]{1,60}):(?::skin-tone-([2-6]):)?")

# Without this selector, many signs are drawn as text.
EMOJI_STYLE = "\N{VARIATION SELECTOR-16}"

NAMED = dict(
    pair.split(" ", 1)
    for pair in """
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|wave 👋|clap 👏|pray 🙏|raised_hands 🙌
muscle 💪|point_right 👉|point_left 👈|point_up ☝️|point_down 👇|raised_hand ✋|hand ✋
fist ✊|v ✌️|crossed_fingers 🤞|eyes 👀|handshake 🤝|smile 😄|smiley 😃|grinning 😀|grin 😁
laughing 😆|satisfied 😆|sweat_smile 😅|joy 😂|rofl 🤣|blush 😊|wink 😉
slightly_smiling_face 🙂|upside_down_face 🙃|heart_eyes 😍|sunglasses 😎|thinking_face 🤔
neutral_face 😐|confused 😕|disappointed 😞|worried 😟|cry 😢|sob 😭|scream 😱|sleeping 😴
tired_face 😫|angry 😠|rage 😡|innocent 😇|relieved 😌|face_with_rolling_eyes 🙄|shrug 🤷
facepalm 🤦|man-shrugging 🤷‍♂️|woman-shrugging 🤷‍♀️|exploding_head 🤯|partying_face 🥳
face_palm 🤦|robot_face 🤖|ghost 👻|skull 💀|alien 👽|heart ❤️|yellow_heart 💛
green_heart 💚|blue_heart 💙|purple_heart 💜|broken_heart 💔|tada 🎉|confetti_ball 🎊
100 💯|boom 💥|collision 💥|fire 🔥|star ⭐|star2 🌟|dizzy 💫|sparkles ✨|zap ⚡|sunny ☀️
cloud ☁️|snowflake ❄️|rainbow 🌈|ocean 🌊|earth_africa 🌍|earth_americas 🌎|earth_asia 🌏
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌
negative_squared_cross_mark ❎|warning ⚠️|exclamation ❗|heavy_exclamation_mark ❗
question ❓|grey_question ❔|grey_exclamation ❕|bangbang ‼️|interrobang ⁉️|no_entry ⛔
no_entry_sign 🚫|octagonal_sign 🛑|stop_sign 🛑|construction 🚧|rotating_light 🚨|siren 🚨
sos 🆘|red_circle 🔴|large_blue_circle 🔵|large_orange_circle 🟠|large_yellow_circle 🟡
large_green_circle 🟢|large_purple_circle 🟣|large_brown_circle 🟤|white_circle ⚪
black_circle ⚫|large_red_square 🟥|large_orange_square 🟧|large_yellow_square 🟨
large_green_square 🟩|large_blue_square 🟦|large_purple_square 🟪|white_large_square ⬜
black_large_square ⬛|white_medium_square ◻️|black_medium_square ◼️
small_red_triangle 🔺|small_red_triangle_down 🔻|small_blue_diamond 🔹
small_orange_diamond 🔸|large_blue_diamond 🔷|large_orange_diamond 🔶|radio_button 🔘
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️
arrow_lower_right ↘️|left_right_arrow ↔️|arrow_right_hook ↪️
leftwards_arrow_with_hook ↩️|arrows_counterclockwise 🔄|arrows_clockwise 🔃|repeat 🔁
back 🔙|arrow_forward ▶️|arrow_backward ◀️|fast_forward ⏩|rewind ⏪
double_vertical_bar ⏸️|black_square_for_stop ⏹️|heavy_plus_sign ➕|heavy_minus_sign ➖
heavy_multiplication_x ✖️|heavy_division_sign ➗|hash #️⃣|infinity ♾️|one 1️⃣|two 2️⃣
three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|zero 0️⃣
keycap_ten 🔟|1234 🔢|abc 🔤|new 🆕|free 🆓|up 🆙|cool 🆒|ok 🆗|vs 🆚|id 🆔
information_source ℹ️|m Ⓜ️|parking 🅿️|recycle ♻️|copyright ©️|registered ®️|tm ™️
alarm_clock ⏰|stopwatch ⏱️|timer_clock ⏲️|hourglass ⌛|hourglass_flowing_sand ⏳
watch ⌚|calendar 📆|date 📅|spiral_calendar_pad 🗓️|card_index 📇
chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|clipboard 📋
pushpin 📌|round_pushpin 📍|paperclip 📎|linked_paperclips 🖇️|straight_ruler 📏
scissors ✂️|memo 📝|pencil 📝|pencil2 ✏️|lower_left_ballpoint_pen 🖊️|book 📖|books 📚
closed_book 📕|green_book 📗|blue_book 📘|orange_book 📙|notebook 📓|ledger 📒|bookmark 🔖
label 🏷️|mag 🔍|mag_right 🔎|lock 🔒|unlock 🔓|key 🔑|old_key 🗝️|hammer 🔨|wrench 🔧
hammer_and_wrench 🛠️|nut_and_bolt 🔩|gear ⚙️|toolbox 🧰|bug 🐛|ant 🐜|bee 🐝|beetle 🪲
turtle 🐢|computer 💻|desktop_computer 🖥️|keyboard ⌨️|floppy_disk 💾|cd 💿|iphone 📱
phone ☎️|telephone ☎️|telephone_receiver 📞|email ✉️|envelope ✉️|e-mail 📧
incoming_envelope 📨|envelope_with_arrow 📩|inbox_tray 📥|outbox_tray 📤|mailbox 📫
package 📦|gift 🎁|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢|speech_balloon 💬
thought_balloon 💭|bulb 💡|flashlight 🔦|moneybag 💰|credit_card 💳|receipt 🧾
shopping_trolley 🛒|hospital 🏥|ambulance 🚑|fire_engine 🚒|police_car 🚓|truck 🚚|car 🚗
bus 🚌|train 🚋|ship 🚢|airplane ✈️|rocket 🚀|satellite 🛰️|anchor ⚓|traffic_light 🚥
vertical_traffic_light 🚦|checkered_flag 🏁|triangular_flag_on_post 🚩|white_flag 🏳️
trophy 🏆|first_place_medal 🥇|medal 🎖️|dart 🎯|game_die 🎲|coffee ☕|tea 🍵|beer 🍺
beers 🍻|pizza 🍕|cake 🍰|birthday 🎂|apple 🍎|doughnut 🍩|popcorn 🍿|palm_tree 🌴
seedling 🌱|dog 🐶|cat 🐱|mouse 🐭|monkey_face 🐵|see_no_evil 🙈|hear_no_evil 🙉
speak_no_evil 🙊|unicorn_face 🦄|whale 🐳|penguin 🐧|bust_in_silhouette 👤
busts_in_silhouette 👥|office 🏢|house 🏠|house_with_garden 🏡|door 🚪|shield 🛡️
umbrella ☔|link 🔗|chains ⛓️|electric_plug 🔌|battery 🔋|microscope 🔬|test_tube 🧪
thermometer 🌡️|pill 💊|syringe 💉|broom 🧹|file_folder 📁|open_file_folder 📂
file_cabinet 🗄️|wastebasket 🗑️|page_facing_up 📄|page_with_curl 📃|newspaper 📰
scroll 📜|bar_of_soap 🧼|scales ⚖️|crystal_ball 🔮|balloon 🎈|art 🎨|musical_note 🎵
camera 📷|movie_camera 🎥|tv 📺|fireworks 🎆|dash 💨|droplet 💧|sweat_drops 💦|zzz 💤
footprints 👣|runner 🏃|walking 🚶|dancer 💃|cop 👮|detective 🕵️
""".strip()
    .replace("\n", "|")
    .split("|")
)


@lru_cache(maxsize=1024)
def character(name: str) -> str | None:
    """`name` is a shortcode without its colons; `None` if it is unknown."""
    if name in NAMED:
        return NAMED[name]
    try:
        found = unicodedata.lookup(name.replace("_", " ").upper())
    except KeyError:
        return None
    if unicodedata.category(found[0]) != "So" or ord(found[0]) < 0x2190:
        return None
    return found if ord(found[0]) > 0xFFFF else found + EMOJI_STYLE


def _skin(tone: str | None) -> str:
    return chr(0x1F3FB + int(tone) - 2) if tone else ""


def emoji_html(name: str, tone: str | None = None) -> Markup | None:
    """With the shortcode on hover; `None` if it is unknown."""
    found = character(name)
    if found is None:
        return None
    return tag("span", found + _skin(tone), class_="emoji", title=f":{name}:")


def with_emoji(text: str) -> Markup:
    """Escape text and turn known shortcodes into characters."""
    parts: list[str | Markup] = []
    position = 0
    for match in SHORTCODE.finditer(text):
        drawn = emoji_html(match[1], match[2])
        if drawn is None:
            continue
        parts += [text[position : match.start()], drawn]
        position = match.end()
    parts.append(text[position:])
    return Markup("").join(parts)
