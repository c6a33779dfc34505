#include "tests/db/store_conformance.h"
