// What core/peer.h looks like to the compiler when it comes alone.
#include "core/peer.h"
