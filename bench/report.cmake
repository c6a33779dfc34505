huiyin_bench(report SOURCES report.cpp report_seed.cpp LINK huiyin_gateway fmt::fmt)
