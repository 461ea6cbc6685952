/* The C API of calinvite: calendar invitations that are mailed, tracked and answered. Start at
   calinvite/c/base.h, which says what holds everywhere; what is promised about the library as a
   binary stands in docs/abi.md. Each part can be included by itself. */
#ifndef CALINVITE_H
#define CALINVITE_H

#include "calinvite/c/aws.h"
#include "calinvite/c/base.h"
#include "calinvite/c/calendar.h"
#include "calinvite/c/engine.h"
#include "calinvite/c/events.h"
#include "calinvite/c/mail.h"
#include "calinvite/c/reports.h"
#include "calinvite/c/tenants.h"
#include "calinvite/c/token.h"
#include "calinvite/c/transport.h"

#endif
