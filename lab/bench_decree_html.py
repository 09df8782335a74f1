"""The strings of a decree as one HTML page: what another typesetter is given, as near to our own paper as CSS has it."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment

_PAGE = """<!doctype html><html lang="id"><head><title>{{ d.title }} {{ d.number }}</title><style>
@page { size: A4; margin: 18mm 22mm 20mm 25mm;
        @bottom-center { content: "Kode {{ d.verification.code }}" }
        @bottom-right { content: "Halaman " counter(page) " dari " counter(pages) } }
@page annex { size: A4 landscape; margin: 18mm }
body { font: 11.5pt serif; text-align: justify; line-height: 1.3 }
h1, h2, .middle { text-align: center; font-size: 13pt }
.part { display: grid; grid-template-columns: 31mm 4mm 1fr; margin-bottom: 3mm }
ol { margin: 0; padding-left: 6mm } ol.a { list-style: lower-alpha }
.signing { break-inside: avoid; margin-left: 50%; white-space: pre-line }
.annex { page: annex; break-before: page; font-size: 9pt; text-align: left }
table { border-collapse: collapse; width: 100% } thead { display: table-header-group }
th, td { border-bottom: .5pt solid #b9c0c7; padding: 1.4mm; vertical-align: top }
tr { break-inside: avoid } tr:nth-child(even) td { background: #f4f6f7 }
</style></head><body>
<div class="middle"><b>{{ d.letterhead.office }}</b><br>{{ d.letterhead.government }}</div>
<h1>{{ d.title }}<br>NOMOR {{ d.number }}<br>TENTANG<br>{{ d.subject|upper }}</h1>
<div class="middle">DENGAN RAHMAT TUHAN YANG MAHA ESA<br><b>{{ d.authority }},</b></div>
{% for one in d.preamble %}<div class="part"><span>{{ one.label }}</span><span>:</span>
<ol class="{{ 'a' if one.numbering == 'a.' else '' }}">{% for item in one["items"] %}<li>{{ item }}{% endfor %}</ol></div>
{% endfor %}<h2>MEMUTUSKAN:</h2>
<div class="part"><span>Menetapkan</span><span>:</span><b>{{ d.decides }}</b></div>
{% for one in d.dictums %}<div class="part"><span>{{ one.label }}</span><span>:</span><div>{{ one.text }}
{% for label, value in one.fields %}<div class="part"><span>{{ label }}</span><span>:</span><span>{{ value }}</span></div>
{% endfor %}</div></div>{% endfor %}
<div class="signing">{{ d.signing.place_and_day|join("\n") }}<br>{{ d.signing.office|join("\n") }}<br><br><br>
<b>{{ d.signing.name }}</b></div>
<p>Tembusan:</p><ol>{% for one in d.copies %}<li>{{ one }}{% endfor %}</ol>
{% if d.annex %}<div class="annex">{% for label, value in d.annex.head %}<div>{{ label }}: {{ value }}</div>{% endfor %}
<h2>{{ d.annex.title }}</h2><table><thead><tr>{% for one in d.annex.headings %}<th>{{ one }}{% endfor %}</tr></thead>
{% for row in d.annex.rows %}<tr><td>{{ loop.index }}<td>{{ row.name }}<br>{{ row.nip }}<td>{{ row.rank }}
<td>{{ row.old_position }}<br>{{ row.old_unit }}<td>{{ row.new_position }}<br>{{ row.new_unit }}</tr>{% endfor %}</table>
<p>{{ d.annex.closing }}</p></div>{% endif %}
</body></html>"""

_TEMPLATE = Environment(autoescape=True).from_string(_PAGE)


def html_of(said: dict[str, Any]) -> str:
    """Give the page of what a decree says."""
    return _TEMPLATE.render(d=said)
