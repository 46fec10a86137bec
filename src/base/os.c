#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

const char *os_reason(int number)
{
    static const struct {
        int number;
        const char *words;
    } reasons[] = {
        {ENOENT, "không có tệp hoặc thư mục này, hãy xem lại đường dẫn (no such file or folder)"},
        {ENOTDIR, "đường dẫn đi qua một tệp như thể là thư mục (part of the path is not a folder)"},
        {EISDIR, "đây là một thư mục, không phải tệp (it is a folder)"},
        {EACCES, "người đang chạy chương trình không có quyền (permission denied)"},
        {EPERM, "hệ điều hành không cho phép (not permitted)"},
        {EROFS, "đĩa chỉ cho đọc (the disk is read-only)"},
        {ENOSPC, "đĩa đã đầy (no space is left)"},
        {EDQUOT, "đã hết phần đĩa được cấp (the quota is used up)"},
        {EEXIST, "đã có tệp này (it exists already)"},
        {EMFILE, "đang mở quá nhiều tệp (too many open files)"},
        {ENFILE, "máy đang mở quá nhiều tệp (too many open files)"},
        {ENAMETOOLONG, "tên tệp quá dài (the name is too long)"},
        {ELOOP, "các liên kết trỏ vòng quanh (links that go round)"},
        {ENOMEM, "máy không đủ bộ nhớ (not enough memory)"},
        {EADDRINUSE, "đã có chương trình khác dùng địa chỉ và cổng này (address already in use)"},
        {EADDRNOTAVAIL, "máy này không có địa chỉ đó (the machine has no such address)"},
        {EIO, "đĩa bị lỗi khi đọc hoặc ghi (the disk failed)"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].number == number)
            return reasons[i].words;
    return strerror(number);
}

int os_publish(const char *temporary, const char *file)
{
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, file, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    if (access(file, F_OK) == 0)
        return EEXIST;
    return rename(temporary, file) ? errno : 0;
}
