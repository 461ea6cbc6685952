"""Writes the manual page of the program, calinvite(1), out of what `calinvite --help` says.

    man_page.py PROGRAM PAGE
"""
import os
import re
import subprocess
import sys

INTRODUCTION = """\
.TH CALINVITE 1 "" "calinvite {version}" "User Commands"
.SH NAME
calinvite \\- calendar invitations that are mailed, tracked and answered
.SH SYNOPSIS
.B calinvite
.RI [ OPTIONS ]
.I COMMAND
.RI [ ARGUMENTS ]
.SH DESCRIPTION
Keeps events and who is invited to them in a store, takes in calendars, mails, lists and notifications of
Amazon SES, sends invitations, and reports what became of them. Every command is a thin layer over the
calinvite library, by which programs do the same.
.PP
With
.B \\-\\-json
standard output is JSON lines and nothing else. Options of commands may stand behind or in front of them.
"""
EXIT_STATUS = """\
.SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
Refused: the input is at fault, the reason is on standard error.
.TP
.B 2
Usage, or a kind of store that is not built in.
.TP
.B 3
Unavailable: try again.
.TP
.B 4
Partly done: rows were reported.
"""
EXAMPLES = """\
.SH EXAMPLES
.nf
calinvite domain add league \\-\\-from cal@reply.league.example \\e
  \\-\\-reply\\-domain reply.league.example \\-\\-base\\-url https://cal.league.example
calinvite organizer add fixtures@league.example \\-\\-bulk
calinvite ingest fixtures.csv \\-\\-as fixtures@league.example
calinvite invite EVENT \\-\\-list fans.csv \\-\\-yes
calinvite dispatch \\-\\-transport spool:mails
calinvite report EVENT \\-\\-format csv
.fi
"""


def quoted(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text)


class Program:
    def __init__(self, path):
        self.path = path
        # Defaults that the environment sets are nobody else's.
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("CALINVITE_")}

    def said(self, *arguments):
        done = subprocess.run([self.path, *arguments], capture_output=True, text=True, check=True,
                              env=self.environment)
        return done.stdout

    def help(self, *command):
        """What a command is for, its usage, and its sections: (name, what is said of it) each."""
        lines = self.said(*command, "--help").splitlines()
        about = lines[0]
        usage = next(line.removeprefix("Usage: ") for line in lines if line.startswith("Usage: "))
        sections, section = {}, None
        for line in lines[1:]:
            if heading := re.fullmatch(r"(Positionals|Options|Subcommands):", line):
                section = sections.setdefault(heading.group(1), [])
            elif not line.strip():
                section = None
            elif section is not None and (entry := re.fullmatch(r"  (\S.*?)(?:\s{2,}(.*))?", line)) and line[2] != " ":
                name, said = entry.group(1), entry.group(2) or ""
                if not said and (split := re.fullmatch(r"(.*\(Env:\w+\)) (.*)", name)):
                    name, said = split.groups()  # the name left no room for two spaces
                section.append([name, said])
            elif section:
                section[-1][1] = f"{section[-1][1]} {line.strip()}".strip()
        return about, usage, sections

    def commands(self, *above):
        """All commands that do something, in the order of the help."""
        _, _, sections = self.help(*above)
        for name, _ in sections.get("Subcommands", []):
            if self.help(*above, name)[2].get("Subcommands"):
                yield from self.commands(*above, name)
            else:
                yield (*above, name)


def entries(section):
    for name, said in section:
        if name.startswith("-h,--help"):
            continue
        yield f".TP\n.B {quoted(name)}\n{quoted(said)}\n"


def page(program):
    _, _, sections = program.help()
    parts = [INTRODUCTION.format(version=program.said("--version").strip()), ".SH OPTIONS\n"]
    parts += entries(sections["Options"])
    parts.append(".SH COMMANDS\n")
    for command in program.commands():
        about, usage, sections = program.help(*command)
        parts.append(f".SS {quoted(usage)}\n{quoted(about)}\n")
        for name in ("Positionals", "Options"):
            parts += entries(sections.get(name, []))
    parts += [EXIT_STATUS, ".SH ENVIRONMENT\n"
              "Most options may be set as CALINVITE_NAME in the environment, as is said beside each. AWS is found as by\n"
              "every AWS program: AWS_REGION, AWS_ACCESS_KEY_ID, AWS_PROFILE and the like.\n", EXAMPLES]
    return "".join(parts)


if __name__ == "__main__":
    text = page(Program(sys.argv[1]))
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write(text)
