import Glibc
import OpsSystem
import Testing

@Suite("Restricting oneself")
struct LandlockTests {
    @Test("what is not allowed cannot be opened any more")
    func restricted() async {
        await #expect(processExitsWith: .success) {
            guard case .enforced = Landlock.restrict(readOnly: ["/usr"], readWrite: ["/tmp"]) else { exit(0) }
            let isHidden = open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES
            let isReadable = open("/usr/bin/env", O_RDONLY) >= 0
            let isReadOnly = open("/usr/opslab-probe", O_WRONLY | O_CREAT, 0o600) < 0
            exit(isHidden && isReadable && isReadOnly ? 0 : 1)
        }
    }

    @Test("an undumpable process hides its environment")
    func undumpable() async {
        await #expect(processExitsWith: .success) {
            becomeUndumpable()
            var status = stat()
            exit(stat("/proc/self/environ", &status) == 0 && (status.st_uid == 0) ? 0 : 1)
        }
    }
}
