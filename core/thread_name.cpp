#include "core/thread_name.h"

#include <pthread.h>

#include <string>

namespace huiyin {

void name_thread(const char* name) { pthread_setname_np(pthread_self(), std::string(name).substr(0, 15).c_str()); }

}  // namespace huiyin
