# A room is a directory of src/ and a static library of the same name. LINKS is exactly the arrows
# of ARCHITECTURE.md: a header of a room that is not linked is not on the include path, so a wrong
# include does not build.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON) # __int128
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(NOWTHEN_WARNINGS -Wall -Wextra -Wshadow -Wconversion -Wvla -Werror)
set(NOWTHEN_C_WARNINGS -Wstrict-prototypes -Wmissing-prototypes)
# Float results are part of the contract: no contraction, no fast-math.
set(NOWTHEN_FLAGS -ffp-contract=off)

function(nowthen_flags target)
    target_compile_options(${target} PRIVATE ${NOWTHEN_WARNINGS} ${NOWTHEN_FLAGS}
        $<$<COMPILE_LANGUAGE:C>:${NOWTHEN_C_WARNINGS}>)
    target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
endfunction()

# nowthen_room(NAME SOURCES file... [LINKS room...] [LIBRARIES imported-target...])
# SOURCES may start out empty: the room then is an interface only.
function(nowthen_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;LIBRARIES" ${ARGN})
    if(ROOM_SOURCES)
        add_library(${name} STATIC ${ROOM_SOURCES})
        nowthen_flags(${name})
        set(scope PUBLIC)
    else()
        add_library(${name} INTERFACE)
        set(scope INTERFACE)
    endif()
    # rooms/<name>/<name> is a link to src/<name>: "row/key.h" is found only where row is linked.
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/rooms/${name})
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/src/${name} ${PROJECT_BINARY_DIR}/rooms/${name}/${name} SYMBOLIC)
    target_include_directories(${name} ${scope} ${PROJECT_SOURCE_DIR}/include
        ${PROJECT_BINARY_DIR}/rooms/${name})
    target_link_libraries(${name} ${scope} ${ROOM_LINKS})
    if(ROOM_LIBRARIES)
        if(ROOM_SOURCES)
            target_link_libraries(${name} PRIVATE ${ROOM_LIBRARIES})
        else()
            target_link_libraries(${name} INTERFACE ${ROOM_LIBRARIES})
        endif()
    endif()
endfunction()

# An executable that loads programs: they find the runtime in it, so these rooms are linked whole and
# their nt_ symbols are exported. By hand: CMake repeats archives on the link line, and one that is
# whole may be there once.
function(nowthen_loads_programs target)
    set_target_properties(${target} PROPERTIES ENABLE_EXPORTS ON)
    target_link_options(${target} PRIVATE LINKER:--whole-archive $<TARGET_FILE:base>
        $<TARGET_FILE:row> $<TARGET_FILE:runtime> LINKER:--no-whole-archive)
    target_link_libraries(${target} PRIVATE base row runtime)
endfunction()
