huiyin_bench(load
             SOURCES load.cpp load_audit.cpp load_bare.cpp load_connection.cpp load_echo.cpp load_floor.cpp load_messages.cpp load_owners.cpp
             LINK huiyin_adapters huiyin_mysqlcppconn)
