// libshared.so: a library that lies in <package>.libs and is found by RPATH, with data and functions for others.
int shared_state = 100;
int shared_next(void) { return ++shared_state; }
