"""Files of styles and bulletins as users keep them; the data is invented."""

from __future__ import annotations

from pathlib import Path

BOMBER = """no,operation,machine,smv,grade
1,sew panels,lockstitch,1.20,C
2,join shoulders,Over-Lock M/C,0.50,C
3,set zip,SNLS,1.60,B
4,attach rib,4T overlock,0.90,
5,trim and check,manual,0.40,
,Total,,4.60,
"""
TEE = """operation,machine,seconds
join shoulders,OL4,24
set sleeves,OL4,36
hem,FL,30
"""
STYLES = """style,product,smv,bulletin,fabric_group,price,weight [g]
AB-100,polo,12.7,,,4.20,250
AB-200,bomber,,bomber.csv,knit,9.50,420
Tee Big,,,,,,
"""


def write_files(folder: Path, styles: str = STYLES, **bulletins: str) -> tuple[str, str]:
    """Paths of a file of styles and of a folder of bulletins, for `load_scenario`."""
    lists = folder / "bulletins"
    lists.mkdir(exist_ok=True)
    for name, text in (bulletins or {"bomber": BOMBER}).items():
        (lists / f"{name}.csv").write_text(text, encoding="utf-8")
    file = folder / "styles.csv"
    file.write_text(styles, encoding="utf-8")
    return str(file), str(lists)
