huiyin_bench(life SOURCES life.cpp LINK huiyin_gateway fmt::fmt)
