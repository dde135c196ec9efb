/* Loaded before the C library: IPVS answers "done" to everything, on machines whose kernel has no ip_vs.
   keepalived's checkers print their configuration only where IPVS answers (2.2.7: ipvs_start, before dump_data_check).
   The numbers are those of IP_VS_BASE_CTL and what follows it in linux/ip_vs.h. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int of_ipvs(int level, int name)
{
	return level == IPPROTO_IP && name >= 1152 && name < 1280;
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
	return of_ipvs(level, name) ? 0 : (int)syscall(SYS_getsockopt, fd, level, name, value, size);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	return of_ipvs(level, name) ? 0 : (int)syscall(SYS_setsockopt, fd, level, name, value, size);
}
