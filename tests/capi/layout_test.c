/* What docs/abi.md pins: where the fields of public structs stand, and that no struct ends in
   padding, where a new field would not change its size. Figures are those of 64-bit machines. */
#include "calinvite.h"

#define FIELD(type, name, offset, size)                                                        \
  _Static_assert(sizeof(void*) != 8 ||                                                         \
                     (offsetof(type, name) == (offset) && sizeof(((type*)0)->name) == (size)), \
                 #type "." #name);
#define LAST(type, name)                                                          \
  _Static_assert(offsetof(type, name) + sizeof(((type*)0)->name) == sizeof(type), \
                 #type " ends with " #name);
#define VALUE(name, value) _Static_assert((name) == (value), #name);
#include "../../capi/abi/layout.inc"

/* These stand in arrays or are told by no struct_size: they never grow. */
_Static_assert(sizeof(void*) != 8 || sizeof(calinvite_header) == 16, "pairs never grow");
_Static_assert(sizeof(void*) != 8 || sizeof(calinvite_count) == 16, "pairs never grow");
_Static_assert(sizeof(calinvite_status) == 4, "statuses are 32 bits wide");

int main(void) { return 0; }
