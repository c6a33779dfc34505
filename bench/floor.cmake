huiyin_bench(floor SOURCES floor.cpp floor_store.cpp load_floor.cpp LINK huiyin_mysqlcppconn)
