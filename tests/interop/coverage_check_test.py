"""coverage.py finds the rules that tests name, and fails over a rule without one or a stale page."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import coverage

TITLES = "| R1 | one |\n| R2, R3 | two and three |\n| R4 | four |\n"
TESTS = 'TEST_CASE("R1: a \\"name\\" of "\n          "two pieces", "[x]") {}\nTEST_CASE("told (R2 to R3)") {}\n'


class Coverage(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)
        self.put("docs/rules.md", TITLES)
        self.put("tests/x/some_test.cpp", TESTS)

    def put(self, where, text):
        path = self.root / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def faults(self, rules, later=()):
        later = dict(later)
        page = coverage.page_of(coverage.read_titles(self.root), coverage.find_tests(self.root), rules, later)
        self.put(coverage.PAGE, page)
        return coverage.faults_of(self.root, rules, later)

    def test_names_and_ranges(self):
        self.assertEqual(coverage.rules_in("R7, R8-R10 and (R12 to R13), not R120a, RR1 or R x"), {7, 8, 9, 10, 12, 13})
        self.assertEqual(coverage.tests_in(self.root / "tests/x/some_test.cpp")[0], 'R1: a "name" of two pieces')

    def test_complete(self):
        self.assertEqual(self.faults((1, 2, 3)), [])

    def test_rule_without_test(self):
        self.assertEqual(self.faults((1, 4)), ["R4 has no test: four"])
        self.put("tests/x/other_test.py", 'def test_it(self):\n    """R4: is kept."""\n')
        self.assertEqual(self.faults((1, 4)), [])

    def test_mention_in_a_body_is_no_test(self):
        self.put("tests/x/other_test.cpp", 'TEST_CASE("another") {\n  CHECK(rule == "R4");  // R4\n}\n')
        self.assertEqual(self.faults((1, 4)), ["R4 has no test: four"])

    def test_rule_of_later_is_told(self):
        self.assertEqual(self.faults((1, 4), {4: "needs DNS"}), [])
        self.assertIn("| R4 | four | later | |\n", (self.root / coverage.PAGE).read_text("utf-8"))
        self.assertIn("| R4 | needs DNS |\n", (self.root / coverage.PAGE).read_text("utf-8"))

    def test_rule_without_title(self):
        self.put("tests/x/other_test.cpp", 'TEST_CASE("R5: x") {}')
        self.assertEqual(self.faults((5,)), ["docs/rules.md: R5 has no title"])

    def test_stale_page(self):
        self.faults((1,))
        self.put("tests/x/other_test.cpp", 'TEST_CASE("R1: again") {}')
        self.assertEqual(len(coverage.faults_of(self.root, (1,), {})), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
